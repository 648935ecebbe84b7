using System.Diagnostics;
using VoiceAgent.Agents;

namespace VoiceAgent;

/// <summary>
/// The loop of a voice agent: hears 10 ms at a time, finds turns, lets the agent answer each, and silences it as soon as somebody speaks again.
/// </summary>
/// <param name="agent">What answers.</param>
/// <param name="options">What a turn is.</param>
/// <param name="speaker">What the answer is heard through.</param>
/// <param name="tell">Is told what happens; from several threads.</param>
internal sealed class Conversation(IVoiceAgent agent, TurnDetectorOptions options, Speaker speaker, Action<ConversationEvent> tell) : IAsyncDisposable
{
    // What was said before the detector was sure belongs to the turn.
    private const int PreRollFrames = 30;

    private readonly TurnDetector _detector = new(options);
    private readonly Queue<short[]> _preRoll = new();
    private readonly List<short> _turn = [];
    private CancellationTokenSource? _answer;
    private Task _answering = Task.CompletedTask;
    private volatile bool _isThinking;
    private int _turns;

    /// <summary>listening, hearing, thinking or speaking.</summary>
    public string State => _detector.IsInTurn ? "hearing" : speaker.Ahead > TimeSpan.Zero ? "speaking" : _isThinking ? "thinking" : "listening";

    /// <summary>How loud everything is.</summary>
    public ConversationEvent Levels => new("levels")
    {
        State = State,
        Level = Math.Round(_detector.Level, 1),
        Threshold = Math.Round(_detector.Threshold, 1),
        Floor = Math.Round(_detector.Floor, 1),
        AgentLevel = Math.Round(speaker.Level, 1),
    };

    /// <summary>Hears the next 10 ms. One call at a time.</summary>
    public void Hear(ReadOnlySpan<short> frame)
    {
        if (_detector.IsInTurn)
        {
            _turn.AddRange(frame);
        }
        else
        {
            _preRoll.Enqueue(frame.ToArray());
            if (_preRoll.Count > PreRollFrames)
            {
                _preRoll.Dequeue();
            }
        }

        switch (_detector.Accept(frame))
        {
            case TurnChange.Began:
                BeginTurn();
                break;
            case TurnChange.Ended:
                EndTurn();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Interrupt();
        await _answering;
        _answer?.Dispose();
    }

    private void BeginTurn()
    {
        bool isBargeIn = !_answering.IsCompleted;
        Interrupt();
        _turns++;
        while (_preRoll.TryDequeue(out var before))
        {
            _turn.AddRange(before);
        }

        tell(new ConversationEvent("turn-began") { Turn = _turns, Start = Seconds(_detector.TurnBegan), Interrupted = isBargeIn });
    }

    private void EndTurn()
    {
        var duration = _detector.LastSpeech - _detector.TurnBegan;
        var turn = new Turn(_turns, _detector.TurnBegan, duration, _turn.ToArray());
        _turn.Clear();
        tell(new ConversationEvent("turn-ended") { Turn = turn.Number, Start = Seconds(turn.Began), Duration = Seconds(duration) });

        var previous = (_answering, _answer);
        _answer = new CancellationTokenSource();
        _answering = AnswerAsync(turn, previous, _detector.Time - _detector.LastSpeech, _answer.Token);
    }

    private void Interrupt()
    {
        _answer?.Cancel();
        speaker.Silence();
    }

    private async Task AnswerAsync(Turn turn, (Task Answering, CancellationTokenSource? Answer) previous, TimeSpan sinceSpeech, CancellationToken interrupted)
    {
        long decided = Stopwatch.GetTimestamp();
        long? began = null;

        // One turn at a time, as the agent's contract says.
        await previous.Answering;
        previous.Answer?.Dispose();
        _isThinking = true;
        speaker.Began += OnBegan;
        string? error = null;
        try
        {
            await foreach (var samples in agent.AnswerAsync(turn, interrupted))
            {
                await speaker.PlayAsync(samples, interrupted);
            }

            await speaker.DrainAsync(interrupted);
        }
        catch (OperationCanceledException)
        {
            // Somebody speaks.
        }
        catch (Exception e)
        {
            // Whatever an agent does, the conversation goes on.
            error = $"The agent has failed: {e.Message}";
        }
        finally
        {
            speaker.Began -= OnBegan;
            _isThinking = false;
        }

        tell(new ConversationEvent("answer-ended")
        {
            Turn = turn.Number,
            Duration = began is { } b ? Seconds(Stopwatch.GetElapsedTime(b)) : 0,
            Interrupted = interrupted.IsCancellationRequested,
            Error = error,
        });

        void OnBegan()
        {
            // Where an agent pauses, its answer begins several times.
            if (began is null)
            {
                began = Stopwatch.GetTimestamp();
                var latency = Stopwatch.GetElapsedTime(decided);
                tell(new ConversationEvent("answer-began")
                {
                    Turn = turn.Number,
                    AgentLatency = Math.Round(latency.TotalMilliseconds, 1),
                    Latency = Math.Round((latency + sinceSpeech).TotalMilliseconds, 1),
                });
            }
        }
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
