import { replacedBy } from '../../../cli/secrets/api-key.ts';
import { ApiKeyRefused, ZavuUnavailable } from '../../../lambda/reconcile/api/api-errors.ts';

const projects: Readonly<Record<string, string | Error>> = {
  zv_live_mine: 'prj_1',
  zv_live_other: 'prj_2',
  zv_live_revoked: new ApiKeyRefused('the project of the API key', 401),
  zv_live_silent: new ZavuUnavailable('the project of the API key', 5, 'the answer was 503'),
};

async function projectOf(key: string): Promise<string> {
  const project = projects[key];
  if (typeof project !== 'string') throw project;
  return project;
}

test('A new key takes the place of its project’s key and of a revoked one, and of no other.', async () => {
  expect(await replacedBy('prj_1', Object.keys(projects), projectOf)).toEqual({
    replaced: ['zv_live_mine'],
    refused: ['zv_live_revoked'],
  });
});
