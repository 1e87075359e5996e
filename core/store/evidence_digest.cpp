// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_digest.h"

#include "store/database.h"

#include <algorithm>
#include <string>
#include <utility>

namespace luthien::store {

namespace {
constexpr std::int64_t kBlocksAtOnce = 16; // each at most 1 MiB

Digest digestIn(const Statement& row, int column)
{
    Digest digest{};
    const std::string blob = row.blob(column);
    std::copy_n(blob.begin(), std::min(blob.size(), digest.size()), digest.begin());
    return digest;
}

Result<void> addMessages(Database& database, std::int64_t head, std::vector<Digest>& parts)
{
    auto list = database.statement("list_message_hashes");
    if (!list)
        return list.error();
    return (*list)->bind(":head", head).each([&](const Statement& row) { parts.push_back(digestIn(row, 0)); });
}
} // namespace

Digest digestOf(const StoredBlock& block)
{
    const std::string head = std::to_string(block.head.seq) + ' ' + std::to_string(block.head.events) + ' ' +
                             std::to_string(toMicros(block.head.start)) + ' ' + std::to_string(block.rawBytes) + ' ' +
                             std::to_string(static_cast<int>(block.codec)) + '\n';
    Sha256 hash;
    hash.add(head);
    hash.add(block.data);
    return hash.finish();
}

Result<std::optional<std::uint32_t>> forSomeBlocks(Database& database, std::int64_t callRow, std::uint32_t seq,
                                                   const std::function<Result<void>(const StoredBlock&)>& take)
{
    auto list = database.statement("list_blocks");
    if (!list)
        return list.error();
    std::uint32_t next = 0;
    std::int64_t count = 0;
    (*list)->bind(":call", callRow).bind(":from", std::int64_t{seq}).bind(":limit", kBlocksAtOnce);
    const auto done = (*list)->each([&](const Statement& row) {
        const std::string data = row.blob(5);
        const BlockHead head{static_cast<std::uint32_t>(row.number(0)), static_cast<std::uint32_t>(row.number(1)),
                             fromMicros(row.number(2))};
        next = head.seq + head.events;
        ++count;
        return take({head, static_cast<std::uint64_t>(row.number(3)), static_cast<Codec>(row.number(4)), data});
    });
    if (!done)
        return done.error();
    return count < kBlocksAtOnce ? std::nullopt : std::optional(next);
}

Digest digestOf(const std::vector<Digest>& parts)
{
    Sha256 hash;
    for (const Digest& part : parts)
        hash.add(asBytes(part));
    return hash.finish();
}

namespace {
Result<std::vector<Digest>> blockDigests(Database& database, std::int64_t callRow)
{
    std::vector<Digest> blocks;
    for (std::optional<std::uint32_t> seq = 0; seq;) {
        const auto next = forSomeBlocks(database, callRow, *seq, [&blocks](const StoredBlock& block) {
            blocks.push_back(digestOf(block));
            return Result<void>();
        });
        if (!next)
            return next.error();
        seq = *next;
    }
    return blocks;
}

Result<Digest> requestDigest(Database& database, std::int64_t requestRow)
{
    auto get = database.statement("get_request_hashes");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":request", requestRow).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "bytes of a stored request are missing", "database"} : row.error();
    std::vector<Digest> parts{digestIn(**get, 0), digestIn(**get, 1)};
    const Digest closing = digestIn(**get, 2);
    const bool hasClosing = !(*get)->isNull(2);
    const std::int64_t head = (*get)->number(3); // 0 = NULL: there are no messages
    (*get)->finish();
    if (head != 0) {
        if (auto added = addMessages(database, head, parts); !added)
            return added.error();
    }
    if (hasClosing)
        parts.push_back(closing);
    return digestOf(parts);
}

Result<std::vector<RequestDigest>> requestDigests(Database& database, std::int64_t callRow)
{
    auto list = database.statement("list_requests");
    if (!list)
        return list.error();
    std::vector<std::pair<std::int64_t, RequestDigest>> rows;
    const auto listed = (*list)->bind(":call", callRow).each([&](const Statement& row) {
        rows.push_back(
            {row.number(0),
             {static_cast<std::uint32_t>(row.number(1)), static_cast<conversation::Direction>(row.number(2)), {}}});
    });
    if (!listed)
        return listed.error();
    std::vector<RequestDigest> requests;
    for (auto& [id, request] : rows) {
        const auto parts = requestDigest(database, id);
        if (!parts)
            return parts.error();
        request.parts = *parts;
        requests.push_back(request);
    }
    return requests;
}
} // namespace

Digest recordedDigest(const std::vector<RequestDigest>& requests, const std::vector<Digest>& blocks)
{
    Sha256 hash;
    for (const RequestDigest& request : requests) {
        hash.add("request " + std::to_string(request.seq) + ' ' + std::string(directionName(request.direction)) + '\n');
        hash.add(asBytes(request.parts));
    }
    hash.add("blocks\n");
    for (const Digest& block : blocks)
        hash.add(asBytes(block));
    return hash.finish();
}

Result<Digest> recordedDigest(Database& database, std::int64_t callRow)
{
    const auto requests = requestDigests(database, callRow);
    const auto blocks = blockDigests(database, callRow);
    if (!requests || !blocks)
        return requests ? blocks.error() : requests.error();
    return recordedDigest(*requests, *blocks);
}

} // namespace luthien::store
