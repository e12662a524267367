// A real SMTP server that keeps what it is given, for tests. Needs from npm: smtp-server, mailparser.
//
//   node tests/peers/smtp-sink.mjs          prints one line when ready:  smtp 127.0.0.1:PORT http 127.0.0.1:PORT
//
// GET  /messages   the letters so far as JSON, oldest first
// POST /clear      forget them all (and whom we told to come later)
//
// Recipients that start with `later-` are told 451 the first time, those with `never-` always 550.
import { createServer } from "node:http";
import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import { simpleParser } from "mailparser";

let letters = [];
let told = new Set();

const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });

const smtp = new SMTPServer({
  // Tests on one machine: no passwords, no encryption.
  disabledCommands: ["AUTH", "STARTTLS"],
  logger: false,
  onRcptTo({ address }, _session, done) {
    if (address.startsWith("never-")) return done(refuse(550, "5.1.1 no such person"));
    if (address.startsWith("later-") && !told.has(address)) {
      told.add(address);
      return done(refuse(451, "4.3.0 come again later"));
    }
    done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("error", done);
    stream.on("end", async () => {
      try {
        const raw = Buffer.concat(parts);
        const mail = await simpleParser(raw);
        const headers = {};
        for (const { key, line } of mail.headerLines) headers[key] = line.slice(line.indexOf(":") + 1).trim();
        letters.push({
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((r) => r.address),
          fromName: mail.from?.value[0]?.name ?? "",
          subject: mail.subject ?? "",
          text: mail.text ?? "",
          messageId: mail.messageId ?? "",
          headers,
          raw: raw.toString("utf8"),
        });
        done();
      } catch (error) {
        done(error);
      }
    });
  },
});
smtp.on("error", (error) => console.error(`smtp: ${error.message}`));

const http = createServer((request, response) => {
  const answer = (code, value) => {
    response.writeHead(code, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(value));
  };
  if (request.method === "GET" && request.url === "/messages") return answer(200, letters);
  if (request.method === "POST" && request.url === "/clear") {
    letters = [];
    told = new Set();
    return answer(200, []);
  }
  answer(404, { error: "GET /messages or POST /clear" });
});

smtp.listen(Number(process.env.SMTP_PORT ?? 0), "127.0.0.1");
http.listen(Number(process.env.HTTP_PORT ?? 0), "127.0.0.1");
await Promise.all([once(smtp.server, "listening"), once(http, "listening")]);
console.log(`smtp 127.0.0.1:${smtp.server.address().port} http 127.0.0.1:${http.address().port}`);

const stop = () => {
  http.close();
  smtp.close(() => process.exit(0));
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
