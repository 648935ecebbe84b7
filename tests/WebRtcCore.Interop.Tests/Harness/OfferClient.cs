using System.Net.Http.Headers;
using System.Text;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A browser in a call with a sample that takes complete offers at /offer, through a relay if there is one.</summary>
internal static class OfferClient
{
    /// <summary>Negotiates what the browser's page has added, and waits until it is connected.</summary>
    public static async Task ConnectAsync(this BrowserPeer browser, Uri sample, UdpRelay? relay = null)
    {
        string offer = await browser.OfferAsync();
        using var http = new HttpClient();
        using var content = new StringContent(relay?.ForDotNet(offer) ?? offer, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync(new Uri(sample, "offer"), content);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, answer);
        await browser.AcceptAnswerAsync(relay?.ForBrowser(answer) ?? answer);
        await browser.ConnectedAsync();
    }
}
