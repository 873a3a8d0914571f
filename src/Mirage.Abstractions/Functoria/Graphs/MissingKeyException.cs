namespace Mirage;

/// <summary>A choice asked for a required key that has no value. It never leaves the plan.</summary>
internal sealed class MissingKeyException() : Exception("A required key has no value.");
