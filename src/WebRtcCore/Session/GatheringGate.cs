namespace WebRtcCore.Session;

/// <summary>
/// Holds back what gathering tells until there is a local description, for connections that gather ahead (W3C webrtc 4.4.1.6: the candidate pool). Used on the
/// dispatcher only.
/// </summary>
internal sealed class GatheringGate
{
    private readonly List<Action> _held = [];
    private bool _isOpen;

    /// <summary>Does an action now, or when the gate opens.</summary>
    public void Do(Action action)
    {
        if (_isOpen)
        {
            action();
        }
        else
        {
            _held.Add(action);
        }
    }

    /// <summary>Does what was held back.</summary>
    public void Open()
    {
        if (_isOpen)
        {
            return;
        }

        _isOpen = true;
        foreach (var action in _held)
        {
            action();
        }

        _held.Clear();
    }

    /// <summary>Forgets what was held back.</summary>
    public void Discard() => _held.Clear();
}
