namespace WebRtcCore.Sctp.Packets;

/// <summary>Chunk types (RFC 9260, 3.2, and the extensions' RFCs).</summary>
internal enum ChunkType : byte
{
    Data = 0x00,
    Init = 0x01,
    InitAck = 0x02,
    Sack = 0x03,
    Heartbeat = 0x04,
    HeartbeatAck = 0x05,
    Abort = 0x06,
    Shutdown = 0x07,
    ShutdownAck = 0x08,
    Error = 0x09,
    CookieEcho = 0x0A,
    CookieAck = 0x0B,
    ShutdownComplete = 0x0E,
    InterleavedData = 0x40,
    ReConfig = 0x82,
    Padding = 0x84,
    ForwardTsn = 0xC0,
    InterleavedForwardTsn = 0xC2,
}
