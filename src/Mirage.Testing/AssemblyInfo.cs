using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Testing.Tests")]
[assembly: InternalsVisibleTo("Interop")]
