using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Net.Tests")]
