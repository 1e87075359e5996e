// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"

#include <QObject>
#include <QString>

#include <string>

namespace luthien::desktop {

/// Sends requests to the proxy without ever making anybody wait. Thread: GUI.
class RequestSender : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// wire: head and body as they are to be sent. One of the signals follows, later; what is sent with an older token
    /// is given up.
    virtual void send(quint64 token, std::string wire) = 0;
    virtual void cancel() = 0;
    /// "127.0.0.1:4000", of whom it is sent to.
    [[nodiscard]] virtual std::string authority() const = 0;
    /// What is shown to that proxy beside the provider's key; empty = nothing.
    [[nodiscard]] virtual std::string clientToken() const = 0;

Q_SIGNALS:
    /// The reply has come to its end, under this id of the record.
    void answered(quint64 token, luthien::CallId call, int status);
    /// One sentence.
    void failed(quint64 token, const QString& problem);
};

} // namespace luthien::desktop
