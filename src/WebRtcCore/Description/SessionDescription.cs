using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>W3C <c>RTCSessionDescription</c>: an SDP text and what it is. Its JSON is what a browser's <c>toJSON()</c> prints.</summary>
/// <param name="Type">Offer, answer, provisional answer or rollback.</param>
/// <param name="Sdp">The SDP; empty for a rollback.</param>
public sealed record SessionDescription(
    [property: JsonPropertyName("type"), JsonConverter(typeof(W3CEnumConverter<SdpType>))] SdpType Type,
    [property: JsonPropertyName("sdp")] string Sdp = "")
{
    /// <summary>Reads what <c>JSON.stringify(description)</c> gives in a browser.</summary>
    /// <exception cref="JsonException">The text is not such an object.</exception>
    public static SessionDescription FromJson(string json)
    {
        var description = JsonSerializer.Deserialize(json, WebRtcJsonContext.Default.SessionDescription);
        return description is { Sdp: not null } ? description : throw new JsonException("A description has a type and an sdp.");
    }

    /// <summary>Writes what <c>JSON.stringify(description)</c> gives in a browser.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, WebRtcJsonContext.Default.SessionDescription);
}
