using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Net.Tests")]
[assembly: InternalsVisibleTo("Mirage.Unix")]
[assembly: InternalsVisibleTo("Mirage.Unix.Tests")]
[assembly: InternalsVisibleTo("Fuzz")]
