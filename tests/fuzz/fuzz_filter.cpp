// SPDX-License-Identifier: Apache-2.0
// Feeds texts to the reader of filters: what it accepts, it must write so that it reads the same, and everything done
// with it must come to an end; what it refuses, it must point at. Any break aborts.
#include "core/filter/sample_call.h"
#include "filter/complete.h"
#include "filter/explain.h"
#include "filter/match.h"
#include "filter/parser.h"
#include "filter/sql.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace luthien;
using namespace luthien::filter;

namespace {
void require(bool holds, const char* what, const std::string& detail = {})
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n%s\n", what, detail.c_str());
    std::abort();
}

void checkAccepted(const Expression& expression)
{
    static const CallFacts call = test::sampleCall();
    const std::string canonical = toText(expression);
    const auto again = parse(canonical);
    const auto* const same = std::get_if<Expression>(&again);
    require(same != nullptr && *same == expression, "a filter reads otherwise once it is written", canonical);
    require(toText(*same) == canonical, "the canonical form is not", canonical);
    require(!explain(expression).sentence.empty(), "a filter without a meaning", canonical);
    require(matches(expression, call, test::kSampleNow) == matches(*same, call, test::kSampleNow),
            "equal filters differ in what they find", canonical);
    for (const SqlRows rows : {SqlRows::Calls, SqlRows::Sessions, SqlRows::Decisions})
        require(!compile(expression, {.rows = rows, .now = test::kSampleNow, .fullText = {}}).sql.empty(), "no SQL",
                canonical);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), std::min(size, kMaxBytes + 8));
    const auto parsed = parse(text);
    if (const auto* const error = std::get_if<FilterError>(&parsed)) {
        require(error->offset + error->length <= text.size(), "an error points beyond the text", std::string(text));
        require(!error->message.empty(), "an error without a message", std::string(text));
    } else {
        checkAccepted(std::get<Expression>(parsed));
    }
    const std::size_t cursor = text.empty() ? 0 : static_cast<unsigned char>(text.front()) % (text.size() + 1);
    const Completion completion = complete(text, cursor);
    require(completion.offset + completion.length <= text.size(), "a completion beyond the text", std::string(text));
    return 0;
}
