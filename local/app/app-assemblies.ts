import { dirname } from 'node:path';
import { bundleCode } from '../../lib/functions/bundled-code.ts';
import { removeTree } from '../remove-tree.ts';
import { bundlesToRebuild, type MadeAssembly, withBundles } from './rebuild.ts';
import { sourceMapsIn, synthesizeApp } from './synthesis.ts';
import { watchedFiles } from './watched-files.ts';

interface AppAssembliesOptions {
  /** Command line, file or cloud assembly of the app; undefined for that of cdk.json. */
  app: string | undefined;
  /** Settings by name. */
  context: Record<string, string>;
  /** The directory that all of them are put into. */
  workspace: string;
  signal: AbortSignal;
}

/** One of an app's cloud assemblies. */
interface AppAssembly {
  directory: string;
  deployed(): void;
  remove(): void;
}

/** The cloud assemblies of an app, each made of the one before if only its bundles have changed. */
export class AppAssemblies {
  readonly #options: AppAssembliesOptions;
  /** The last one, and the files that have changed since one was deployed. */
  #made: MadeAssembly | undefined;
  readonly #changed = new Set<string>();

  constructor(options: AppAssembliesOptions) {
    this.#options = options;
  }

  /** Absolute paths of the files that the last one depends on, those of packages left out. */
  get files(): string[] {
    return this.#made ? watchedFiles(this.#made) : [];
  }

  /**
   * Makes the next one.
   *
   * @param changed absolute paths of the files that have changed. A deployment that fails leaves them to the next
   * @returns its directory, what to call when it is deployed, and what removes it once nothing needs it any more
   * @throws Error with the app's own error, or esbuild's
   */
  async next(changed: Iterable<string>): Promise<AppAssembly> {
    for (const file of changed) this.#changed.add(file);
    const pending = [...this.#changed];
    const { app, context, workspace, signal } = this.#options;
    const made = this.#rebuilt(pending) ?? (await synthesizeApp(app, context, workspace, signal));
    return {
      directory: made.directory,
      deployed: () => {
        this.#made = made;
        for (const file of pending) this.#changed.delete(file);
      },
      remove: () => this.#remove(made.directory),
    };
  }

  /** One that the user has made stays. */
  #remove(directory: string): void {
    if (dirname(directory) !== this.#options.workspace) return;
    try {
      removeTree(directory);
    } catch {
      // It goes with the workspace.
    }
  }

  #rebuilt(changed: readonly string[]): MadeAssembly | undefined {
    const made = this.#made;
    const bundles = made && bundlesToRebuild(changed, made);
    if (!bundles) return undefined;
    const maps = sourceMapsIn(this.#options.workspace);
    const rebuilt = new Map(bundles.map((bundle) => [bundle, bundleCode(bundle.entry, maps)]));
    return withBundles(made, rebuilt, this.#options.workspace);
  }
}
