// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/approval_history_source.h"

namespace luthien::test {

/// Requests wait until they are answered by hand.
class FakeAnswers : public desktop::ApprovalHistorySource
{
public:
    void load(const desktop::AnswersRequest& request) override { requests.push_back(request); }

    /// The last request, with decisions of these numbers.
    void answer(const std::vector<int>& numbers, bool more = false)
    {
        auto answers = std::make_shared<desktop::LoadedAnswers>();
        answers->request = requests.back();
        for (const int number : numbers)
            answers->items.push_back(decision(number));
        if (more)
            answers->next = store::Cursor{numbers.empty() ? 0 : numbers.back(), 0};
        Q_EMIT loaded(answers);
    }

    static store::DecisionRow decision(int number)
    {
        store::DecisionRow row;
        row.decision.id = CallId({static_cast<std::uint8_t>(number)});
        row.decision.call = CallId({7});
        row.decision.tool = "Bash";
        row.decision.policyId = "ask";
        row.decision.answeredBy = conversation::AnsweredBy::Person;
        row.decision.original = "{\"command\":\"run " + std::to_string(number) + "\"}";
        row.session = "s1";
        return row;
    }

    std::vector<desktop::AnswersRequest> requests;
};

} // namespace luthien::test
