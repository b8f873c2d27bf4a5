import type { CatalogueReading } from '../../../commands/context/apis.ts';
import type { ConfiguredVendor } from '../../../core/vendors/resolve-vendor.ts';
import { visibleLine } from '../../../output/text/visible.ts';

const ADD = 'store one: orx vendors add';

interface Parts {
  /** Reads OpenRouter's models, if the scope includes them. */
  routed: (() => Promise<CatalogueReading>) | undefined;
  /** true: throws when a vendor cannot be read; false: warns and returns the others. */
  isNamed: boolean;
  /** All models of each vendor are requested, instead of some by name. */
  isList: boolean;
  read: (vendor: ConfiguredVendor) => Promise<CatalogueReading>;
  tell: (line: string) => void;
}

/** Returns OpenRouter's models followed by those of the vendors, as one catalogue. Its age is that of its oldest part. */
export async function readVendors(
  vendors: readonly ConfiguredVendor[],
  { routed, isNamed, isList, read, tell }: Parts,
): Promise<CatalogueReading> {
  const failures: unknown[] = [];
  const readOne = async (vendor: ConfiguredVendor): Promise<CatalogueReading | undefined> => {
    try {
      const reading = await read(vendor);
      if (isList && reading.catalogue.body === '' && vendor.key === undefined && vendor.isKeyOptional !== true)
        tell(`warning: ${visibleLine(`no key for ${vendor.label}: showing a built-in list of models; ${ADD} ${vendor.name}`)}\n`);
      return reading;
    } catch (error) {
      if (isNamed) throw error;
      failures.push(error);
      const reason = error instanceof Error ? error.message : String(error);
      tell(`warning: ${visibleLine(`the models of ${vendor.label} cannot be listed: ${reason}`)}\n`);
      return undefined;
    }
  };
  const [first, ...direct] = await Promise.all([routed?.(), ...vendors.map(readOne)]);
  const readings = [first, ...direct].filter((reading) => reading !== undefined);
  if (readings.length === 0) throw failures[0];
  return {
    catalogue: {
      models: readings.flatMap(({ catalogue }) => catalogue.models),
      body: first?.catalogue.body ?? '',
      version: first?.catalogue.version,
    },
    ageMs: Math.max(...readings.map(({ ageMs }) => ageMs)),
    staleBecause: readings.map(({ staleBecause }) => staleBecause).find((reason) => reason !== undefined),
  };
}
