// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/problem.h"
#include "protocol/http_message.h"

#include <QByteArray>
#include <QObject>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <string>
#include <string_view>

namespace luthien::control {

/// One client of the control port: reads one request at a time, is answered once for each, or turned into a stream.
/// Deletes itself when the socket closes. Thread: control.
class HttpConnection : public QObject
{
    Q_OBJECT
public:
    /// Takes the socket over. patience = how long a client may take to send a request.
    HttpConnection(QTcpSocket* socket, std::chrono::milliseconds patience, QObject* parent);

    /// The request to be answered; valid from requested() until the answer.
    [[nodiscard]] const protocol::RequestHead& head() const noexcept { return m_reader.head(); }

    /// Its body; a GET has none.
    [[nodiscard]] std::string_view body() const noexcept { return m_body; }

    void answerJson(unsigned status, std::string_view json);
    void answer(const Problem& problem);
    /// Answers with a text/event-stream that lasts until either side closes.
    void beginEventStream();
    void write(std::string_view bytes);
    [[nodiscard]] qint64 unsentBytes() const { return m_socket->bytesToWrite(); }

Q_SIGNALS:
    /// A whole request is there. Exactly one answer must follow, now or later.
    void requested();
    /// Some of what was written has left.
    void sent();

private:
    enum class State : std::uint8_t { Reading, Answering, Streaming, Closing };

    void read();
    void takeStep(const protocol::ReadStep& step);
    void takeHead();
    void takeBody(std::string_view bytes);
    void refuse(const Problem& problem);
    void answer(unsigned status, std::string_view contentType, std::string_view extraFields, std::string_view body);

    QTcpSocket* m_socket; ///< a child of this object
    QTimer m_patience;
    protocol::RequestReader m_reader;
    QByteArray m_unread;
    std::string m_body;
    State m_state = State::Reading;
};

} // namespace luthien::control
