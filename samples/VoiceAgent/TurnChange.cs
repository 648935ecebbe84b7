namespace VoiceAgent;

/// <summary>What a <see cref="TurnDetector"/> has found.</summary>
internal enum TurnChange
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>Somebody has begun to speak.</summary>
    Began,

    /// <summary>Somebody has finished.</summary>
    Ended,
}
