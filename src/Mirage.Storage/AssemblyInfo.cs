using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mirage.Storage.Tests")]
