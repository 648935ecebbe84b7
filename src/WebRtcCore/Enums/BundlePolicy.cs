namespace WebRtcCore;

/// <summary>W3C <c>RTCBundlePolicy</c>. One transport carries everything here, so every policy behaves like <see cref="MaxBundle"/>; see docs/api.md.</summary>
public enum BundlePolicy
{
    /// <summary>One transport per media kind for peers that do not bundle.</summary>
    Balanced,

    /// <summary>One transport per m-line for peers that do not bundle.</summary>
    MaxCompat,

    /// <summary>One transport for everything.</summary>
    MaxBundle,
}
