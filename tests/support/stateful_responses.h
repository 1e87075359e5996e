// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/scripted_upstream.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace luthien::test {

/// What a model says: a text, then calls of tools.
struct ModelReply
{
    struct Call
    {
        std::string name;
        std::string arguments; ///< JSON, or free text
        bool isCustom = false;
    };
    std::string text;
    std::vector<Call> calls;
};

/// The Responses API of a provider that keeps replies and conversations, and is as strict as OpenAI's about them: a
/// call that it keeps and that no input answers is a 400, and so are an output without its call, an unknown reply and
/// both kinds of state at once. Replies are called resp_1, resp_2, ..., their calls call_1, call_2, ... Use:
/// ScriptedUpstream upstream([&](const ScriptedRequest& request) { return provider.answer(request); }); Source:
/// platform.openai.com/docs/guides/conversation-state; the errors' words as recorded. Thread: any.
class StatefulResponses
{
public:
    /// history: all items, oldest first. Runs on the connection's thread.
    using Model = std::function<ModelReply(const boost::json::array& history)>;

    explicit StatefulResponses(Model model)
        : m_model(std::move(model))
    {
    }

    [[nodiscard]] ScriptedReply answer(const ScriptedRequest& request);
    /// Everything the provider keeps under the id of a reply or of a conversation.
    [[nodiscard]] boost::json::array kept(const std::string& id) const;
    /// The messages of the 400s so far.
    [[nodiscard]] std::vector<std::string> refusals() const;

private:
    [[nodiscard]] std::string remembered(const boost::json::object& request, boost::json::array& history) const;
    [[nodiscard]] boost::json::object keep(const boost::json::object& request, const ModelReply& said,
                                           boost::json::array history);
    [[nodiscard]] boost::json::array outputOf(const ModelReply& reply);
    [[nodiscard]] ScriptedReply refused(const std::string& message);

    Model m_model;
    mutable std::mutex m_mutex;
    std::map<std::string, boost::json::array> m_kept;
    std::vector<std::string> m_refusals;
    int m_replies = 0;
    int m_calls = 0;
};

} // namespace luthien::test
