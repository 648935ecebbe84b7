using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Which pair of a generation carries data, and what follows from it: consent is asked on it, and what cannot beat it is no longer checked.</summary>
internal sealed class PairSelection(AgentRole role, CheckList list, Nomination nomination, ConsentCheck consent, CheckTransactions transactions)
{
    /// <summary>The pair that carries data, or null.</summary>
    public CandidatePair? Selected { get; private set; }

    /// <summary>The pair in use has died, and no other pair works or may yet work.</summary>
    public bool HasLostConsent { get; private set; }

    /// <summary>A pair has carried data.</summary>
    public bool HasEverWorked { get; private set; }

    /// <summary>The local address of the pair in use has gone, and no other pair works yet.</summary>
    public bool IsMoving { get; private set; }

    /// <summary>A socket is gone, and with it perhaps the pair in use.</summary>
    public void OnLocalRemoved(TransportAddress local, TransportProtocol protocol) =>
        IsMoving |= Selected is { } selected && selected.Path.Local == local && selected.Path.Protocol == protocol;

    /// <summary>Decides anew.</summary>
    /// <param name="isRetired">Whether another generation takes over: then nothing is dropped.</param>
    /// <param name="now">The present.</param>
    public void Select(bool isRetired, Instant now)
    {
        var selected = nomination.Select(list, now);
        if (selected != Selected)
        {
            Selected = selected;
            consent.Follow(selected, now);
            IsMoving &= selected is null;
            HasEverWorked |= selected is not null;
            HasLostConsent = selected is null && !list.HasUnfinished && !IsMoving;
        }
        else if (list.HasUnfinished)
        {
            // Another relayed address has come in the place of one that was lost.
            HasLostConsent = false;
        }

        if (selected is { IsNominated: true, IsStale: false } && !isRetired)
        {
            // RFC 8445 8.1.2: what cannot beat the nominated pair need not be checked. Better ones still are while the peer decides, for it
            // may nominate one of them, and while this agent may nominate again; else who decides is done.
            var bar = role is { IsControlling: true, IsRenominating: false } ? ulong.MaxValue : selected.Priority;
            list.DropUncheckedBelow(bar);
            transactions.CancelBelow(bar, list, selected, now);
        }
    }
}
