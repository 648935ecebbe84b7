using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

public class TestDataTests
{
    [Test]
    public void Finds_the_folder_of_the_tests()
    {
        Assert.That(File.Exists(TestData.Path("Directory.Build.props")));
        Assert.That(TestData.ReadText("Directory.Build.props"), Does.Contain("<Project>"));
        Assert.That(TestData.Files("no-such-folder"), Is.Empty);
    }
}
