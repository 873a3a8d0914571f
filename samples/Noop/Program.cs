// The smallest unikernel: no device, no work.
return Unix.Run<Noop>(args);
