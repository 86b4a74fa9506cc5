import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const envelope = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;

/** The group and the port of WS-Discovery. */
const group = { address: '239.255.255.250', port: 3702 };

/**
 * An ONVIF camera on loopback that answers a probe and tells the address of its stream to whoever names its user. Before its answer
 * comes that of a strange device, which no client understands.
 */
export async function openOnvifCamera(camera: { name: string; username: string; stream: string }): Promise<void> {
  const server = createServer((request, response) => {
    void text(request).then((question) => response.end(envelope(answerTo(question, camera))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(group.port);
  await once(socket, 'listening');
  socket.addMembership(group.address, '127.0.0.1');
  socket.on('message', (_probe, { port: to, address }) => {
    const match =
      `<d:EndpointReference><d:Address>urn:uuid:${port}</d:Address></d:EndpointReference>` +
      `<d:Scopes>onvif://www.onvif.org/name/${encodeURIComponent(camera.name)}</d:Scopes>` +
      `<d:XAddrs>http://127.0.0.1:${port}/onvif/device_service</d:XAddrs>`;
    for (const one of ['<d:Nothing/>', match]) {
      socket.send(
        envelope(`<d:ProbeMatches xmlns:d="d"><d:ProbeMatch>${one}</d:ProbeMatch></d:ProbeMatches>`),
        to,
        address,
      );
    }
  });
  onTestFinished(() => {
    socket.close();
    server.close();
    server.closeAllConnections();
  });
}

function answerTo(question: string, camera: { username: string; stream: string }): string {
  if (question.includes('GetSystemDateAndTime')) {
    return '<t:GetSystemDateAndTimeResponse xmlns:t="t"><t:SystemDateAndTime><t:UTCDateTime><t:Time><t:Hour>1</t:Hour><t:Minute>2</t:Minute><t:Second>3</t:Second></t:Time><t:Date><t:Year>2026</t:Year><t:Month>1</t:Month><t:Day>1</t:Day></t:Date></t:UTCDateTime></t:SystemDateAndTime></t:GetSystemDateAndTimeResponse>';
  }
  if (!question.includes(`<Username>${camera.username}</Username>`)) {
    return '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>not authorised</s:Text></s:Reason></s:Fault>';
  }
  if (question.includes('GetServices')) {
    return '<t:GetServicesResponse xmlns:t="t"><t:Service><t:Namespace>http://www.onvif.org/ver10/device/wsdl</t:Namespace><t:XAddr>http://127.0.0.1/onvif/device_service</t:XAddr></t:Service><t:Service><t:Namespace>http://www.onvif.org/ver10/media/wsdl</t:Namespace><t:XAddr>http://127.0.0.1/media</t:XAddr><t:Version><t:Major>2</t:Major><t:Minor>0</t:Minor></t:Version></t:Service></t:GetServicesResponse>';
  }
  if (question.includes('GetProfiles')) {
    return '<t:GetProfilesResponse xmlns:t="t"><t:Profiles token="main"><t:Name>main</t:Name><t:VideoSourceConfiguration token="c"><t:SourceToken>v</t:SourceToken></t:VideoSourceConfiguration><t:VideoEncoderConfiguration token="e"><t:Encoding>H264</t:Encoding><t:Resolution><t:Width>640</t:Width><t:Height>480</t:Height></t:Resolution><t:RateControl><t:FrameRateLimit>15</t:FrameRateLimit><t:BitrateLimit>1000</t:BitrateLimit></t:RateControl></t:VideoEncoderConfiguration></t:Profiles></t:GetProfilesResponse>';
  }
  if (question.includes('GetVideoSources')) {
    return '<t:GetVideoSourcesResponse xmlns:t="t"><t:VideoSources token="v"><t:Framerate>15</t:Framerate></t:VideoSources></t:GetVideoSourcesResponse>';
  }
  return `<t:GetStreamUriResponse xmlns:t="t"><t:MediaUri><t:Uri>${camera.stream}</t:Uri></t:MediaUri></t:GetStreamUriResponse>`;
}
