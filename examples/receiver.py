"""Prints what Koneksi tells a webhook. KONEKSI_SECRET=whsec_… is what `POST /api/webhooks` showed. Python 3.9 or newer."""
import base64, hashlib, hmac, http.server, os, time

KEY = base64.b64decode(os.environ["KONEKSI_SECRET"].replace("whsec_", ""))
seen = set()  # At least once means that some come twice; yours belongs into a database.

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        number, at, signatures = (self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        digest = hmac.new(KEY, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        signed = "v1," + base64.b64encode(digest).decode()
        genuine = any(hmac.compare_digest(signed.encode(), one.encode()) for one in signatures.split())
        fresh = at.isdigit() and abs(time.time() - int(at)) < 300
        self.send_response(204 if genuine and fresh else 401)
        self.end_headers()
        if genuine and fresh and number not in seen:
            print(body.decode(), flush=True)
            seen.add(number)

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
