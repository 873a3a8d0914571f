using Mirage.Storage;
using Mirage.Testing;

namespace Mirage.Xunit3;

/// <summary>A suite with theories under xunit 3.</summary>
public sealed class KvMemLaws : KvRwLaws<KvMem>;
