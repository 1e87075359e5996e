// SPDX-License-Identifier: Apache-2.0
#include "conversation/reply_account.h"

namespace luthien::conversation {

void ReplyAccount::began(TimePoint at)
{
    if (!m_firstByteAt)
        m_firstByteAt = at;
}

void ReplyAccount::startAgain()
{
    m_usageBefore.add(response().usage);
    m_assembler = {};
}

void ReplyAccount::describe(CallEnded& ended)
{
    const Response& reply = response();
    ended.stopReason = reply.stopReason;
    ended.rawStopReason = reply.rawStopReason;
    ended.usage = reply.usage;
    ended.usage.add(m_usageBefore);
    ended.model = reply.model;
    ended.firstByteAt = m_firstByteAt;
    ended.firstTokenAt = m_firstTokenAt;
    m_json = isWhole() && reply != Response() ? toJson(reply) : std::string();
    ended.reply = m_json;
}

} // namespace luthien::conversation
