// Runs while no page is open: a push says only that something is there; what it is, is asked for with the person's own session.
self.addEventListener("push", (event) => event.waitUntil(show(event.data?.json() ?? {})));

async function show({ count = 1 }) {
  const answer = await fetch("/notifications/count/?for=push", { credentials: "include" }).catch(() => null);
  const told = answer?.ok && !answer.redirected ? await answer.json() : { text: `Renmai: ${count}`, path: "/notifications/" };
  await self.registration.showNotification("Renmai", { body: told.text, tag: "renmai", data: told.path });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
