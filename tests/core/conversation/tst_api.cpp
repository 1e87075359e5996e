// SPDX-License-Identifier: Apache-2.0
#include "conversation/api.h"
#include "support/test_registry.h"

using namespace luthien::conversation;

namespace {

class TestApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesReadBack()
    {
        for (const Api api :
             {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama, Api::Other})
            QCOMPARE(apiFromName(apiName(api)), std::optional(api));
        QVERIFY(!apiFromName("smoke-signals"));
    }
};

} // namespace

LUTHIEN_TEST(tst_api, TestApi)
#include "tst_api.moc"
