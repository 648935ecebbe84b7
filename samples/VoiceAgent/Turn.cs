namespace VoiceAgent;

/// <summary>What somebody has said.</summary>
/// <param name="Number">Counts the turns of a call, from 1.</param>
/// <param name="Began">When, since the beginning of the call's sound.</param>
/// <param name="Duration">From the first to the last speech, without the hang-over.</param>
/// <param name="Samples">Its PCM at <see cref="Voice.SampleRate"/>, with a little before it.</param>
internal sealed record Turn(int Number, TimeSpan Began, TimeSpan Duration, ReadOnlyMemory<short> Samples);
