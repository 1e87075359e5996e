// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/name_words.h"
#include "support/test_registry.h"

#include <string>

using namespace luthien::policy::builtin;

namespace {

class TestNameWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsIdentifiers_data()
    {
        QTest::addColumn<QByteArray>("identifier");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* identifier, const char* words) {
            QTest::newRow(identifier) << QByteArray(identifier) << QByteArray(words);
        };
        row("Bash", "bash");
        row("mcp__shop-db__execute_sql", "mcp shop db execute sql");
        row("executeSql", "execute sql");
        row("executeSQL", "execute sql");
        row("runSQLQuery", "run sql query");
        row("container.exec", "container exec");
        row("SQL", "sql");
        row("base64", "base64");
        row("__", "");
        row("", "");
        row("\xc3\xa4pfel_x", "\xc3\xa4pfel x");
        row("a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_q", "a b c d e f g h i j k l m n o p");
    }
    void splitsIdentifiers()
    {
        QFETCH(QByteArray, identifier);
        QFETCH(QByteArray, words);
        QByteArrayList result;
        for (const std::string& word : nameWords(identifier.toStdString()))
            result += QByteArray::fromStdString(word);
        QCOMPARE(result.join(' '), words);
    }
};

} // namespace

LUTHIEN_TEST(tst_name_words, TestNameWords)
#include "tst_name_words.moc"
