// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/request_sender.h"

#include <atomic>
#include <memory>

class QThread;

namespace luthien::desktop {

/// Sends to the proxy of this program, from a thread of its own, one request at a time. Thread: GUI.
class ProxySender final : public RequestSender
{
    Q_OBJECT

public:
    /// address: "http://127.0.0.1:4000"
    ProxySender(const QString& address, std::string clientToken, QObject* parent = nullptr);
    /// Gives up what runs, and waits for it.
    ~ProxySender() override;

    void send(quint64 token, std::string wire) override;
    void cancel() override;
    [[nodiscard]] std::string authority() const override { return m_authority; }
    [[nodiscard]] std::string clientToken() const override { return m_clientToken; }

private:
    void run(quint64 token, const std::string& wire, const std::atomic<bool>& cancelled);
    void tellFailure(quint64 token, const QString& problem);

    QString m_host;
    quint16 m_port = 0;
    std::string m_authority;
    const std::string m_clientToken;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::unique_ptr<QThread> m_thread;
};

} // namespace luthien::desktop
