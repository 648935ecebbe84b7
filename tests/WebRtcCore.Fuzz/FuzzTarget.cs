namespace WebRtcCore.Fuzz;

/// <summary>
/// One thing to feed with arbitrary bytes. A run passes if nothing escapes: a target throws <see cref="FuzzViolationException"/> where an invariant is broken,
/// and whatever a parser or core throws by itself is a finding too.
/// </summary>
public abstract class FuzzTarget
{
    /// <summary>The name on the command line and of the folder with saved inputs.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs to start from: small, valid, different from one another.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Feeds one input.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);

    /// <summary>Whether the undisturbed course leads where it should: a target that never gets there would test nothing.</summary>
    public virtual bool CanReachItsGoal() => true;

    /// <summary>Reports a broken invariant.</summary>
    protected static void Require(bool condition, string invariant)
    {
        if (!condition)
        {
            throw new FuzzViolationException(invariant);
        }
    }
}
