namespace WebRtcCore.Fuzz.Cores;

/// <summary>A target that plays inputs as scripts between two cores.</summary>
internal abstract class DuelTarget : FuzzTarget
{
    private const int PeacefulDatagrams = 255;

    public override void Run(ReadOnlySpan<byte> input)
    {
        var match = Create();
        try
        {
            match.Duel.Play(input);
            match.Check();
        }
        finally
        {
            match.End();
        }
    }

    public override bool CanReachItsGoal()
    {
        var match = Create();
        try
        {
            match.Duel.Settle(PeacefulDatagrams);
            return match.HasReachedGoal();
        }
        finally
        {
            match.End();
        }
    }

    protected abstract Match Create();
}
