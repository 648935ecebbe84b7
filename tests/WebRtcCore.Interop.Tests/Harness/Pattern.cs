namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Binary test content that follows from its length: the page makes and checks the same.</summary>
internal static class Pattern
{
    public static byte[] Make(int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 31) + (i >> 8));
        }

        return bytes;
    }
}
