// SPDX-License-Identifier: Apache-2.0
#include "protocol/pass_through.h"

#include "protocol/json_write.h"

namespace luthien::protocol::pass_through {

using namespace conversation;

namespace {

/// To which every event is Framing. It always is complete: only the HTTP framing tells where a reply ends.
class BlindDecoder final : public StreamDecoder
{
public:
    std::span<const StreamEvent> decode(std::string_view, std::string_view) override { return {&m_framing, 1}; }
    bool isComplete() const noexcept override { return true; }
    bool sawGarbage() const noexcept override { return false; }

private:
    StreamEvent m_framing;
};

class OtherDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::Other; }
    Result<RequestView> parseRequest(std::string_view, std::string_view) const override { return RequestView(); }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        Block block;
        block.kind = BlockKind::Opaque;
        block.text = text;
        blocks.push_back(std::move(block));
        return Role::User;
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return std::make_unique<BlindDecoder>(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view, std::vector<StreamEvent>& events) const override
    {
        events.clear();
        return std::make_unique<BlindDecoder>();
    }
    std::string errorBody(unsigned, std::string_view code, std::string_view message,
                          std::string_view requestId) const override
    {
        return boost::json::serialize(boost::json::object{
            {"error",
             {{"code", toJsonText(code)}, {"message", toJsonText(message)}, {"request_id", toJsonText(requestId)}}}});
    }
    // Nothing can be said in a stream of unknown form; the cut itself tells.
    std::string errorEvent(std::string_view, std::string_view) const override { return {}; }
    std::string_view keepalive() const noexcept override { return {}; }
};

} // namespace

const Dialect& other() noexcept
{
    static const OtherDialect instance;
    return instance;
}

} // namespace luthien::protocol::pass_through
