import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.names import mask


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "*"),
        ("张伟", "张*"),
        ("张小伟", "张*伟"),
        ("欧阳示例", "欧**例"),
        ("尤𰻞", "尤*"),
        ("褚𬭎𬬭", "褚*𬬭"),
        ("买买提·吐尔逊", "买*·吐*"),
        ("阿卜杜拉·买买提·吐尔逊", "阿*·买*·吐*"),
        ("John Smith", "J* S*"),
        ("Madonna", "M*****a"),
        ("É\u0301lo", "É\u0301*o"),
        ("", "*"),
        ("·", "*"),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask(name) == masked


@given(st.text(alphabet="张王李欧阳示例ab· ", max_size=20))
def test_a_masked_name_always_hides_something_and_never_adds(name: str) -> None:
    masked = mask(name)
    assert "*" in masked
    assert set(masked) <= set(name) | {"*"}
