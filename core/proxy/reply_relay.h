// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"
#include "proxy/call_actions.h"
#include "proxy/request_intake.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// In what form a reply's body reaches the client.
enum class ReplyForm : std::uint8_t {
    AsItCame, ///< the upstream's bytes, whatever they are
    Events,   ///< decoded, piece by piece: how long it will be is not known
    Whole,    ///< decoded, all at once; the head waits for it, since it names the length
};

/// Our framing around what the client of one call is sent. Thread: the worker.
class ReplyRelay
{
public:
    ReplyRelay(CallActions& actions, const PreparedCall& call);

    void head(const protocol::ResponseHead& head, ReplyForm form);
    /// The next bytes of the body.
    void body(std::string_view bytes);
    /// The whole body of a reply in that form; called once.
    void whole(std::string_view bytes);
    /// The body is complete.
    void finish();
    /// The reply ends before it is complete, and the connection with it. False = no bytes of ours could be told from
    /// the body's own.
    [[nodiscard]] bool cutOff();
    /// This connection ends with this reply.
    void closeAfterwards() noexcept { m_keepClient = false; }

    [[nodiscard]] bool isHeadSent() const noexcept { return m_headSent; }
    /// All of the reply has been written.
    [[nodiscard]] bool isFinished() const noexcept { return m_finished; }
    [[nodiscard]] bool keepsClient() const noexcept { return m_keepClient; }

private:
    void makeHead(const protocol::ResponseHead& head, ReplyForm form);
    void sendHead();

    CallActions& m_actions;
    const PreparedCall& m_call;
    std::string m_head; ///< status line and fields; framing is added when it is sent
    protocol::BodyFraming m_framing = protocol::BodyFraming::None; ///< towards the client
    std::uint64_t m_length = 0;
    bool m_keepClient;
    bool m_headSent = false;
    bool m_finished = false;
};

} // namespace luthien::proxy
