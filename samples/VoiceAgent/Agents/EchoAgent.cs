using System.Runtime.CompilerServices;

namespace VoiceAgent.Agents;

/// <summary>Says what was said.</summary>
internal sealed class EchoAgent : IVoiceAgent
{
    public async IAsyncEnumerable<ReadOnlyMemory<short>> AnswerAsync(Turn turn, [EnumeratorCancellation] CancellationToken interrupted)
    {
        await Task.Yield();
        yield return turn.Samples;
    }
}
