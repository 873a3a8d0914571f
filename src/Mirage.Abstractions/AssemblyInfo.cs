using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Abstractions.Tests")]
