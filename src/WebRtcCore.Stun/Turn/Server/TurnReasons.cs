namespace WebRtcCore.Stun;

/// <summary>What a TURN server says beside an error code, for people.</summary>
internal static class TurnReasons
{
    public static string Get(StunErrorCode code) => code switch
    {
        StunErrorCode.BadRequest => "Bad Request",
        StunErrorCode.Unauthenticated => "Unauthenticated",
        StunErrorCode.Forbidden => "Forbidden",
        StunErrorCode.UnknownAttribute => "Unknown Attribute",
        StunErrorCode.AllocationMismatch => "Allocation Mismatch",
        StunErrorCode.StaleNonce => "Stale Nonce",
        StunErrorCode.AddressFamilyNotSupported => "Address Family not Supported",
        StunErrorCode.WrongCredentials => "Wrong Credentials",
        StunErrorCode.UnsupportedTransportProtocol => "Unsupported Transport Protocol",
        StunErrorCode.PeerAddressFamilyMismatch => "Peer Address Family Mismatch",
        StunErrorCode.AllocationQuotaReached => "Allocation Quota Reached",
        StunErrorCode.InsufficientCapacity => "Insufficient Capacity",
        _ => "Server Error",
    };
}
