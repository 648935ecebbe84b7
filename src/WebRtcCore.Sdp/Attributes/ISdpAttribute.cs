using System.Diagnostics.CodeAnalysis;

namespace WebRtcCore.Sdp;

/// <summary>An attribute whose value has a structure.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ISdpAttribute<TSelf>
    where TSelf : ISdpAttribute<TSelf>
{
    /// <summary>The name before the colon.</summary>
    static abstract string AttributeName { get; }

    /// <summary>Parses what follows the colon. Never throws.</summary>
    static abstract bool TryParse(ReadOnlySpan<char> value, [MaybeNullWhen(false)] out TSelf attribute);

    /// <summary>What follows the colon.</summary>
    string ToValue();
}
