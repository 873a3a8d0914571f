using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Unix.Tests")]
[assembly: InternalsVisibleTo("Fuzz")]
