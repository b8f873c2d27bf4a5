// Separate process with Node's own flags of V8, which those of the tests differ from. Prints as JSON the hash of the flags before, during and after
// many answers, and before, during and after a long answer: `flags-worker ANSWERS`.
import { Script } from 'node:vm';
import { tuneForLongAnswer, tuneForManyAnswers, tuneForMemory } from '../../src/cli/tune-node.ts';

/** The hash of V8's flags, which V8 writes into compiled code. */
const flagHash = (): string => new Script('0').createCachedData().subarray(12, 16).toString('hex');

const hashesWith = (tune: () => () => void): string[] => {
  const before = flagHash();
  const restore = tune();
  const meanwhile = flagHash();
  restore();
  return [before, meanwhile, flagHash()];
};

const { node } = process.versions;
const answers = Number(process.argv[2]);
process.stdout.write(
  JSON.stringify({
    answers: hashesWith(() => tuneForManyAnswers(node, answers)),
    longAnswer: hashesWith(() => tuneForLongAnswer(node)),
    memory: hashesWith(() => tuneForMemory(node)),
  }),
);
