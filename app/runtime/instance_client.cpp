// SPDX-License-Identifier: Apache-2.0
#include "runtime/instance_client.h"

#include "base/strict_json.h"
#include "protocol/http_message.h"

#include <QDeadlineTimer>
#include <QLocalSocket>

#include <boost/json/object.hpp>

namespace luthien::runtime {

namespace {
/// More than any answer of ours; a list has at most 500 items.
constexpr std::size_t kMaxAnswerBytes = 64UL * 1024 * 1024;

std::string requestText(std::string_view method, std::string_view target, std::string_view body)
{
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    if (!body.empty())
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text.append("\r\n").append(body);
}

/// Everything that comes until the answer is complete.
Result<InstanceAnswer> readAnswer(QLocalSocket& socket, std::string_view method, const QDeadlineTimer& deadline)
{
    protocol::ResponseReader reader({.headBytes = 16 * 1024});
    reader.start(method);
    InstanceAnswer answer;
    std::string unread;
    while (true) {
        const protocol::ReadStep step = reader.read(unread);
        if (step.state == protocol::ReadState::Body)
            answer.body += step.body;
        unread.erase(0, step.consumed);
        if (step.state == protocol::ReadState::Done) {
            answer.status = reader.head().status;
            return answer;
        }
        if (step.state == protocol::ReadState::Failed || answer.body.size() > kMaxAnswerBytes)
            return Error{.code = ErrorCode::Unavailable, .message = "its answer cannot be read"};
        if (step.state != protocol::ReadState::NeedMore)
            continue;
        if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
            return deadline.hasExpired() ? Error{.code = ErrorCode::Timeout, .message = "does not answer"}
                                         : Error{.code = ErrorCode::Unavailable, .message = "its answer breaks off"};
        unread += socket.readAll().toStdString();
    }
}
} // namespace

Result<InstanceAnswer> askInstance(const Paths& paths, std::string_view method, std::string_view target,
                                   std::string_view body, std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    const std::string path = paths.socketFile().string();
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    if (!socket.waitForConnected(static_cast<int>(deadline.remainingTime())))
        return Error{.code = ErrorCode::NotFound, .message = "no running instance answers here", .context = path};
    const std::string request = requestText(method, target, body);
    socket.write(request.data(), static_cast<qint64>(request.size()));
    auto answer = readAnswer(socket, method, deadline);
    if (answer)
        return answer;
    Error error = answer.error();
    error.context = path;
    return error;
}

Error errorOf(const InstanceAnswer& answer)
{
    const auto json = parseStrictJson(answer.body);
    const boost::json::object* const object = json ? json->if_object() : nullptr;
    const boost::json::value* const detail = object != nullptr ? object->if_contains("detail") : nullptr;
    const bool isWrong = answer.status == 400 || answer.status == 409 || answer.status == 422;
    return {.code = answer.status == 404   ? ErrorCode::NotFound
                    : answer.status == 409 ? ErrorCode::Conflict
                    : isWrong              ? ErrorCode::InvalidInput
                                           : ErrorCode::Unavailable,
            .message = detail != nullptr && detail->is_string()
                           ? std::string(detail->get_string())
                           : "the running instance answered with status " + std::to_string(answer.status)};
}

} // namespace luthien::runtime
