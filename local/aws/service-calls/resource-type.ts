import type { Call } from '../iam/call.ts';
import type { Assembly, Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';

/** A call that one service makes of another on behalf of the deployment, and that a policy has to permit. */
export interface ServiceCall {
  /** Logical id of the resource that makes it necessary. */
  from: string;
  call: Call;
  /**
   * What becomes of that resource if AWS deploys it all the same and says nothing: the end of the sentence "it
   * would … on AWS". Without it AWS refuses the deployment.
   */
  consequence?: string;
}

/** A type of resource: which of its properties are known here, and which calls they mean. */
export interface ResourceType {
  /**
   * Every property that is known, whether it means a call or not. Any other is an error: it might need a permission.
   */
  properties: readonly string[];
  calls?(resource: TemplateResource): ServiceCall[];
}

/** What the types of resources see of a template. */
interface TemplateView {
  resources: Assembly['resources'];
  resolve: Resolve;
  /** Takes what the template does not decide, as a sentence without its full stop. */
  undecided(text: string): void;
}

/** A resource of the template. */
export class TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly template: TemplateView;
  readonly #resource: Resource;

  constructor(id: string, resource: Resource, template: TemplateView) {
    this.id = id;
    this.type = resource.Type;
    this.template = template;
    this.#resource = resource;
  }

  /** A property with its values put in; undefined if the template does not have it. */
  get(name: string): unknown {
    return this.template.resolve(this.#resource.Properties[name]);
  }

  /** A property as a text; '' if the template does not have it. */
  text(name: string): string {
    return String(this.get(name) ?? '');
  }

  /** An attribute of this resource, such as its ARN. */
  attribute(name: string): string {
    return String(this.template.resolve({ 'Fn::GetAtt': [this.id, name] }));
  }

  get updatePolicy(): Record<string, unknown> {
    return this.template.resolve(this.#resource.UpdatePolicy ?? {}) as Record<string, unknown>;
  }

  /** The other resources of a type. */
  others(type: string): TemplateResource[] {
    return Object.entries(this.template.resources).flatMap(([id, resource]) =>
      resource.Type === type ? [new TemplateResource(id, resource, this.template)] : [],
    );
  }

  /**
   * A resource that this one leads to.
   *
   * @throws Error if the template has none of that type and logical id
   */
  other(type: string, id: string): TemplateResource {
    const found = this.others(type).find((other) => other.id === id);
    if (!found) throw new Error(`${this.id} leads to ${id}, which is no ${type} of this template.`);
    return found;
  }

  /** @throws Error naming the first property of this resource that is not among these */
  knowsOnly(names: readonly string[]): void {
    this.expects(names, this.#resource.Properties);
  }

  /**
   * Checks the members of a property's value, or of the update policy.
   *
   * @throws Error naming the first of its members that is not among these
   */
  expects(names: readonly string[], value: unknown, path = ''): void {
    const strange = Object.keys(Object(value)).find((name) => !names.includes(name));
    if (strange) throw this.unknown(`${path}${path && '.'}${strange}`);
  }

  /** What to throw for a property, or a value of one, whose permissions are not known here. */
  unknown(what: string): Error {
    return new Error(
      `The local run does not know which permissions ${what} of ${this.id} (${this.type}) needs. ` +
        'Add it to local/aws/service-calls/, or leave it out of the template.',
    );
  }
}
