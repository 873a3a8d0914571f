using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Abstractions.Tests")]
[assembly: InternalsVisibleTo("Mirage.Testing")]
[assembly: InternalsVisibleTo("Fuzz")]
