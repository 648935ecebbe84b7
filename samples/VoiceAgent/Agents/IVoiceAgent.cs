namespace VoiceAgent.Agents;

/// <summary>
/// What answers. This is where speech recognition, a language model and speech synthesis go: a turn comes in as PCM, the answer goes out as PCM, piece by
/// piece, and is heard from its first piece on. One per call; one turn at a time.
/// </summary>
internal interface IVoiceAgent
{
    /// <summary>Answers a turn, in pieces of any length at <see cref="Voice.SampleRate"/>; none to say nothing.</summary>
    /// <param name="turn">What was said.</param>
    /// <param name="interrupted">Somebody has begun to speak again: whatever is left need not be said.</param>
    IAsyncEnumerable<ReadOnlyMemory<short>> AnswerAsync(Turn turn, CancellationToken interrupted);
}
