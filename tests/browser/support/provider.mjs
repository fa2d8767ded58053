// A provider of OpenID Connect that others wrote (npm oidc-provider), on a port of its own, with a sign-in page as small as can be.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MASHANG_MODULES}/package.json`);

// Its page: who signs in is believed; the other button says no.
const PAGE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>统一身份认证</title><main><h1>统一身份认证</h1>
<form method="post"><label>账号 <input name="login" autocomplete="off"></label><button name="act" value="yes">登录</button><button name="act" value="no">不同意</button></form></main></html>`;

async function fields(request) {
  let body = "";
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

export class OidcProvider {
  // `site` is the address of the site that signs people in; `people` are mail addresses by account, `{ email, verified }`.
  static async start(port, site, people) {
    const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
    const issuer = `http://127.0.0.1:${port}`;
    const secret = `${randomBytes(12).toString("base64")}+:%`;
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
    const provider = new Provider(issuer, {
      clients: [{ client_id: "mashang", client_secret: secret, redirect_uris: [`${site}/console/sign-in/oidc/back`], grant_types: ["authorization_code"], response_types: ["code"] }],
      jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "browser-test" }] },
      cookies: { keys: [randomBytes(16).toString("hex")] },
      claims: { openid: ["sub"], email: ["email", "email_verified"] },
      ttl: { AccessToken: 300, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: people[id]?.email, email_verified: people[id]?.verified ?? false }) }),
      // Nobody is asked what the site may know.
      loadExistingGrant: async (context) => {
        const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
        grant.addOIDCScope("openid email");
        await grant.save();
        return grant;
      },
    });
    const errors = [];
    for (const event of ["server_error", "grant.error", "userinfo.error", "authorization.error"]) {
      provider.on(event, (_, error) => errors.push(`${event}: ${error.message}`));
    }
    const answer = provider.callback();
    const server = createServer(async (request, response) => {
      if (!request.url.startsWith("/interaction/")) return answer(request, response);
      if (request.method !== "POST") return response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
      const form = await fields(request);
      const result = form.get("act") === "yes" ? { login: { accountId: form.get("login") } } : { error: "access_denied", error_description: "no" };
      return provider.interactionFinished(request, response, result);
    });
    await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
    return new OidcProvider(server, { issuer, secret, errors });
  }

  constructor(server, { issuer, secret, errors }) {
    Object.assign(this, { server, issuer, secret, errors });
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
