using System.Diagnostics.CodeAnalysis;

namespace Mirage;

/// <summary>Reads a value from text and says whether it could; throws for no text.</summary>
/// <typeparam name="T">The value.</typeparam>
public delegate bool KeyParser<T>(string text, [MaybeNullWhen(false)] out T value);
