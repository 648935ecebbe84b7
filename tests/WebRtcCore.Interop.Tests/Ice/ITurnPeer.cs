namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>A TURN server that tests go through: coturn, or that of this repository.</summary>
internal interface ITurnPeer : IDisposable
{
    /// <summary>What it has said so far.</summary>
    string Output { get; }

    /// <summary>Its URL.</summary>
    string Url(IceServerTransportProtocol protocol);
}
