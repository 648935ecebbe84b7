using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;

namespace WebRtcCore.Dtls.Tests.Handshake;

public class VersionSelectionTests
{
    [TestCase(0xFEFD, ExpectedResult = true)]
    [TestCase(0xFEFC, ExpectedResult = true)]
    [TestCase(0xFEFF, ExpectedResult = false)]
    [TestCase(0x0303, ExpectedResult = false)]
    public bool Legacy_version(int version) => VersionSelection.Choose(Hello((ushort)version, null)) == DtlsVersion.Dtls12;

    [TestCase("04FEFCFEFD", ExpectedResult = true)]
    [TestCase("06FEFCFEFD0303", ExpectedResult = true)]
    [TestCase("02FEFC", ExpectedResult = false)]
    [TestCase("02FEFD00", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("03FEFDFE", ExpectedResult = false)]
    public bool Supported_versions_alone_count_where_they_are(string data) =>
        VersionSelection.Choose(Hello(0xFEFD, Convert.FromHexString(data))) == DtlsVersion.Dtls12;

    [Test]
    public void The_downgrade_mark_counts_only_if_1_3_was_offered()
    {
        byte[] random = [.. new byte[24], .. "DOWNGRD\u0001"u8];
        Assert.That(DowngradeSentinel.IsViolated(offeredDtls13: true, random), Is.True);
        Assert.That(DowngradeSentinel.IsViolated(offeredDtls13: false, random), Is.False);
        Assert.That(DowngradeSentinel.IsViolated(offeredDtls13: true, new byte[32]), Is.False);
    }

    private static ClientHello Hello(ushort version, byte[]? supportedVersions)
    {
        var extensions = new HelloExtensions();
        if (supportedVersions is not null)
        {
            extensions.Add(ExtensionType.SupportedVersions, supportedVersions);
        }

        return new ClientHello { Version = version, Random = new byte[32], CipherSuites = [0xC02B], Extensions = extensions };
    }
}
