using System.Runtime.CompilerServices;

namespace VoiceAgent.Agents;

/// <summary>Answers with notes, the more the longer somebody has spoken: something to hear without speech synthesis.</summary>
internal sealed class MelodyAgent : IVoiceAgent
{
    private const double NoteSeconds = 0.22;
    private const double FadeSeconds = 0.02;
    private const double Volume = 0.25;
    private const int MinNotes = 4;
    private const int MaxNotes = 40;
    private const double NotesPerSecondOfSpeech = 8;

    // C, D, E, G, A and the C above.
    private static readonly double[] Scale = [523.25, 587.33, 659.25, 783.99, 880.00, 1046.50];

    public async IAsyncEnumerable<ReadOnlyMemory<short>> AnswerAsync(Turn turn, [EnumeratorCancellation] CancellationToken interrupted)
    {
        await Task.Yield();
        int notes = Math.Clamp((int)(turn.Duration.TotalSeconds * NotesPerSecondOfSpeech), MinNotes, MaxNotes);
        var melody = new Random(turn.Number);
        for (int i = 0; i < notes; i++)
        {
            // Ends where it began.
            yield return Note(i == 0 || i == notes - 1 ? Scale[0] : Scale[melody.Next(Scale.Length)]);
        }
    }

    private static short[] Note(double frequency)
    {
        var samples = new short[(int)(NoteSeconds * Voice.SampleRate)];
        for (int i = 0; i < samples.Length; i++)
        {
            double time = (double)i / Voice.SampleRate;
            double fade = Math.Min(1, Math.Min(time, NoteSeconds - time) / FadeSeconds);
            double phase = 2 * Math.PI * frequency * time;
            samples[i] = (short)(short.MaxValue * Volume * fade * (Math.Sin(phase) + (0.2 * Math.Sin(2 * phase))));
        }

        return samples;
    }
}
