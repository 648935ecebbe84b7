namespace SendMedia.Sources;

/// <summary>A source cannot be used; the message is a sentence for the person at the terminal.</summary>
internal sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
